"""Files that an upload door has to stand (trust C, 39 to 58): each kind is one declaration, built in memory when a test asks for it."""
