use std::process::Command;

fn main() {
    Command::new("ffmpeg").status().unwrap();
}
