;; Has a function that is larger than can be compiled in time. The test writes them.
(component (core module (func INSTRUCTIONS)))
