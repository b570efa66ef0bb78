"""The API for hosts in other languages: signed requests under /cleangov/api/v1."""
