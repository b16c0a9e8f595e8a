/*! cally 0.9.2 | MIT License | Nick Williams | github.com/WickyNilliams/cally */
import "cally";
