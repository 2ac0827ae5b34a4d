;; Is a program and no rule.
(component
  (instance $i)
  (export "wasi:cli/run@0.2.6" (instance $i)))
