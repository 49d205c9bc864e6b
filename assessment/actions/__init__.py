"""Writers of judgement: rubric versions, rounds, surveys and scores."""
