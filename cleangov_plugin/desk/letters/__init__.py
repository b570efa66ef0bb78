"""Letters of supervision: written from a template, sent by a person, answered by a person."""
