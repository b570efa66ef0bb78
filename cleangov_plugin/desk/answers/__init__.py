"""What officers answer: kept as entries, taken back, doubted, refused, asked of a second person."""
