;; Imports sockets.
(component
  (import "wasi:sockets/tcp@0.2.6" (instance))
  (instance $i)
  (export "reddalert:rule/lifecycle@1.0.0" (instance $i)))
