//! Makes a new vector rebuild this crate: embedding alone does not notice a file that is added.

fn main() {
    println!(
        "cargo::rerun-if-changed=dm\ncargo::rerun-if-changed=cp\ncargo::rerun-if-changed=pull"
    );
}
