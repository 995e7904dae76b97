"""The index of a workspace, kept on disk and in memory, and kept current."""
