"""What `make release` looks at before anything lies in dist/."""
