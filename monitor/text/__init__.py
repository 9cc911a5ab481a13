"""Chinese and English text: the text form, sentences, normal forms, dates, numbers, facts. Pure."""
