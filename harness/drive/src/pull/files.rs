//! The file system of the virtual device, and which of its files a server's filters find (CE 6.0
//! documentation, "FileFilterItem").
//!
//! How files are reported is said by `reports`.

/// The directories, each behind the one that it is in.
pub(super) const DIRECTORIES: [&str; 6] = [
    ROOT,
    "\\Apps",
    "\\Apps\\lib",
    "\\Apps\\lib\\empty",
    "\\Storage",
    "\\Windows",
];

/// The directory that all others are in.
pub(super) const ROOT: &str = "\\";

/// Texts of a server are read so far; no path of the device is longer.
const LONGEST: usize = 512;

/// A file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct File {
    pub(super) directory: &'static str,
    pub(super) name: &'static str,
    pub(super) content: &'static str,
    /// As reports have them.
    pub(super) attributes: &'static str,
    pub(super) encrypted: bool,
    /// Version, company and description, where the file has them.
    pub(super) resource: Option<[&'static str; 3]>,
}

/// What a server looks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Filter {
    /// A name in which `*` stands for anything.
    pub(super) pattern: String,
    /// The directory.
    pub(super) path: String,
    pub(super) recursive: bool,
    pub(super) exclude_compressed: bool,
    pub(super) exclude_encrypted: bool,
}

const FILES: [File; 6] = [
    File {
        directory: ROOT,
        name: "assay.log",
        content: "started\r\n",
        attributes: "ARCHIVE",
        encrypted: false,
        resource: None,
    },
    File {
        directory: "\\Apps",
        name: "till.exe",
        content: "MZ, and what a till does",
        attributes: "ARCHIVE|READONLY",
        encrypted: false,
        resource: Some(["3.1.0", "Assay", "Till"]),
    },
    File {
        directory: "\\Apps",
        name: "till.log",
        content: "hello",
        attributes: "",
        encrypted: false,
        resource: None,
    },
    File {
        directory: "\\Apps\\lib",
        name: "till.dll",
        content: "MZ, and what a till knows",
        attributes: "ARCHIVE|COMPRESSED",
        encrypted: false,
        resource: Some(["3.1.0", "Assay", "Till library"]),
    },
    File {
        directory: "\\Storage",
        name: "sales.dat",
        content: "1;2;3\r\n",
        attributes: "ARCHIVE",
        encrypted: true,
        resource: None,
    },
    File {
        directory: "\\Windows",
        name: "assay.ini",
        content: "[assay]\r\n",
        attributes: "HIDDEN|SYSTEM",
        encrypted: false,
        resource: None,
    },
];

impl File {
    /// Where it is.
    pub(super) fn path(&self) -> String {
        let directory = self.directory.trim_end_matches('\\');
        format!("{directory}\\{}", self.name)
    }

    fn is_compressed(&self) -> bool {
        self.attributes.contains("COMPRESSED")
    }
}

impl Filter {
    fn finds(&self, file: &File) -> bool {
        let near = match directory(&self.path) {
            Some(directory) if self.recursive => is_inside(file.directory, directory),
            Some(directory) => file.directory == directory,
            None => false,
        };
        near && matches(&self.pattern, file.name)
            && !(self.exclude_compressed && file.is_compressed())
            && !(self.exclude_encrypted && file.encrypted)
    }
}

/// The file at this path.
pub(super) fn at(path: &str) -> Option<&'static File> {
    // Collected files are shown with two of these in front.
    let path = path.trim_start_matches('\\');
    FILES.iter().find(|file| {
        file.path()
            .trim_start_matches('\\')
            .eq_ignore_ascii_case(path)
    })
}

/// The files that any of the filters finds, each once.
pub(super) fn found(filters: &[Filter]) -> Vec<&'static File> {
    FILES
        .iter()
        .filter(|file| filters.iter().any(|filter| filter.finds(file)))
        .collect()
}

/// The directory that a server names, if the device has it.
pub(super) fn directory(path: &str) -> Option<&'static str> {
    let path = path.trim().trim_matches('\\');
    DIRECTORIES
        .into_iter()
        .find(|known| known.trim_start_matches('\\').eq_ignore_ascii_case(path))
}

/// The directories directly inside.
pub(super) fn inside(parent: &'static str) -> impl Iterator<Item = &'static str> {
    DIRECTORIES.into_iter().filter(move |known| {
        let (before, name) = known.rsplit_once('\\').unwrap_or_default();
        !name.is_empty() && before == parent.trim_end_matches('\\')
    })
}

/// True for the directory itself and for all below it.
pub(super) fn is_inside(directory: &str, parent: &str) -> bool {
    let parent = parent.trim_end_matches('\\');
    let rest = directory.strip_prefix(parent);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('\\'))
}

/// Whether a name is like a pattern, in any case of the letters. No file is like an endless one.
fn matches(pattern: &str, name: &str) -> bool {
    if pattern.len() > LONGEST {
        return false;
    }
    let mut parts = pattern.split('*').map(str::to_ascii_lowercase);
    let name = name.to_ascii_lowercase();
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first.as_str()) else {
        return false;
    };
    let parts: Vec<String> = parts.collect();
    let Some((last, between)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in between {
        match rest.split_once(part.as_str()) {
            Some((_, behind)) => rest = behind,
            None => return false,
        }
    }
    rest.ends_with(last.as_str())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("*", true)]
    #[case("*.log", true)]
    #[case("TILL.LOG", true)]
    #[case("t*l*.*", true)]
    #[case("till.log*", true)]
    #[case("**", true)]
    #[case("", false)]
    #[case("till", false)]
    #[case("*.lo", false)]
    #[case("t?ll.log", false)]
    #[case("till.log*g", false)]
    #[case("*og*og", false)]
    fn a_star_stands_for_anything(#[case] pattern: &str, #[case] like: bool) {
        assert_eq!(matches(pattern, "till.log"), like);
    }

    #[rstest]
    #[case("\\Apps", false, &["\\Apps\\till.exe", "\\Apps\\till.log"])]
    #[case("\\\\apps\\", true, &["\\Apps\\till.exe", "\\Apps\\till.log", "\\Apps\\lib\\till.dll"])]
    #[case("\\", false, &["\\assay.log"])]
    #[case("", false, &["\\assay.log"])]
    #[case("\\App", true, &[])]
    #[case("\\..\\Apps", true, &[])]
    fn a_directory_is_searched(
        #[case] path: &str,
        #[case] recursive: bool,
        #[case] paths: &[&str],
    ) {
        let filter = Filter {
            pattern: "*".to_owned(),
            path: path.to_owned(),
            recursive,
            ..Filter::default()
        };
        let found: Vec<String> = found(&[filter.clone(), filter])
            .iter()
            .map(|f| f.path())
            .collect();
        assert_eq!(found, paths);
    }

    #[test]
    fn compressed_and_encrypted_files_can_be_left_out() {
        let mut filter = Filter {
            pattern: "*".to_owned(),
            recursive: true,
            ..Filter::default()
        };
        assert_eq!(found(&[filter.clone()]).len(), FILES.len());
        filter.exclude_compressed = true;
        assert_eq!(found(&[filter.clone()]).len(), FILES.len() - 1);
        filter.exclude_encrypted = true;
        assert_eq!(found(&[filter]).len(), FILES.len() - 2);
    }

    #[test]
    fn every_file_is_in_a_directory_and_every_directory_in_another() {
        for file in &FILES {
            assert!(DIRECTORIES.contains(&file.directory), "{file:?}");
            assert_eq!(at(&format!("\\{}", file.path())), Some(file));
        }
        assert_eq!(
            inside(ROOT).collect::<Vec<_>>(),
            ["\\Apps", "\\Storage", "\\Windows"]
        );
        assert_eq!(inside("\\Apps").collect::<Vec<_>>(), ["\\Apps\\lib"]);
        assert!(is_inside("\\Apps\\lib", ROOT));
        assert!(!is_inside("\\Apps", "\\App"));
    }

    #[test]
    fn an_endless_pattern_takes_no_time() {
        assert!(!matches(&"*a".repeat(1 << 20), "aaaaaaaaaaaaaaaa"));
    }
}
