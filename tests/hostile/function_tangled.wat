;; Has a function with variables that are alive across many loops. The test writes them.
(component (core module (func (param i32) (local LOCALS) LOOPS USES)))
