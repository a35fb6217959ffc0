//! Makes a new suite or profile rebuild this crate: embedding alone does not notice a new file.

fn main() {
    for folder in ["dm", "cp", "pull", "profiles", "ids.txt", "rows.txt"] {
        println!("cargo::rerun-if-changed={folder}");
    }
}
