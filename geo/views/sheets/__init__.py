"""From a view to the sheets of its figures: the same questions, classes and colours as the page asks for."""
