;; Imports an interface of WASI that rules do not get.
(component
  (import "wasi:keyvalue/store@0.2.0" (instance (export "open" (func))))
  (instance $i)
  (export "reddalert:rule/lifecycle@1.0.0" (instance $i)))
