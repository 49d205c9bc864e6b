"""REST of assessment, `/api/v1/`: one module a subject, read only but for the stateless `score/` (contract "REST")."""
