"""The rules, a module a family of brief 3.13. Pure."""
