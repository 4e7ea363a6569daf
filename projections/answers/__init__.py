"""What people ask, answered from the views and the log as plain JSON values (CLI.md section 6)."""
