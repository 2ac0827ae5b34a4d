;; Has a function of loops in loops, each of which takes and gives a thousand values. The test writes them.
(component (core module (type $wide (func (param VALUES) (result VALUES))) (func PUSHES BEGINS ENDS unreachable)))
