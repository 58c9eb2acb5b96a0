"""What a file really is: one module a family of formats. Nothing here opens a file that was not measured first."""
