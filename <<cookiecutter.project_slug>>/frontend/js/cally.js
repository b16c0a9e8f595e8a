/*! cally | MIT License | Nick Williams | github.com/WickyNilliams/cally */
import "cally";
