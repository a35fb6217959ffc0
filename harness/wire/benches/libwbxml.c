/*
 * libwbxml in a loop, for the benchmark beside this file, which compiles and starts it.
 *
 * usage: libwbxml encode|encode-table|decode FILE
 * Answers each line of its input, a number of milliseconds, with a line: nanoseconds a document
 * over that time. Ends with its input.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <wbxml/wbxml.h>

static double now(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec * 1e9 + (double)at.tv_nsec;
}

static int encode(WB_UTINY *xml, WB_ULONG length, int table) {
    WBXMLConvXML2WBXML *conv = NULL;
    WB_UTINY *out = NULL;
    WB_ULONG out_length = 0;
    if (wbxml_conv_xml2wbxml_create(&conv) != WBXML_OK) return 1;
    wbxml_conv_xml2wbxml_set_version(conv, WBXML_VERSION_12);
    if (!table) wbxml_conv_xml2wbxml_disable_string_table(conv);
    WBXMLError error = wbxml_conv_xml2wbxml_run(conv, xml, length, &out, &out_length);
    wbxml_conv_xml2wbxml_destroy(conv);
    free(out);
    return error != WBXML_OK;
}

static int decode(WB_UTINY *wbxml, WB_ULONG length) {
    WBXMLConvWBXML2XML *conv = NULL;
    WB_UTINY *out = NULL;
    WB_ULONG out_length = 0;
    if (wbxml_conv_wbxml2xml_create(&conv) != WBXML_OK) return 1;
    wbxml_conv_wbxml2xml_set_gen_type(conv, WBXML_GEN_XML_COMPACT);
    WBXMLError error = wbxml_conv_wbxml2xml_run(conv, wbxml, length, &out, &out_length);
    wbxml_conv_wbxml2xml_destroy(conv);
    free(out);
    return error != WBXML_OK;
}

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    FILE *file = fopen(argv[2], "rb");
    if (!file) return 2;
    fseek(file, 0, SEEK_END);
    long length = ftell(file);
    rewind(file);
    WB_UTINY *bytes = malloc((size_t)length + 1);
    if (!bytes || fread(bytes, 1, (size_t)length, file) != (size_t)length) return 2;
    bytes[length] = 0;
    fclose(file);

    char line[64];
    while (fgets(line, sizeof line, stdin)) {
        double limit = atof(line) * 1e6, start = now(), spent = 0;
        long documents = 0;
        do {
            int failed = strcmp(argv[1], "decode") == 0
                ? decode(bytes, (WB_ULONG)length)
                : encode(bytes, (WB_ULONG)length, strcmp(argv[1], "encode-table") == 0);
            if (failed) return 1;
            documents++;
            spent = now() - start;
        } while (spent < limit);
        printf("%.0f\n", spent / (double)documents);
        fflush(stdout);
    }
    return 0;
}
