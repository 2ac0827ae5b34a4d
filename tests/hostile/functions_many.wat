;; Has more functions than can be compiled in time. The test writes them.
(component (core module FUNCTIONS))
