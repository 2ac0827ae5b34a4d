;; Imports the web client of WASI.
(component
  (import "wasi:http/outgoing-handler@0.2.6" (instance))
  (instance $i)
  (export "reddalert:rule/lifecycle@1.0.0" (instance $i)))
