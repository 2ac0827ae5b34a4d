;; Imports a contract that is not made yet.
(component
  (import "reddalert:rule/edda@2.0.0" (instance))
  (instance $i)
  (export "reddalert:rule/lifecycle@1.0.0" (instance $i)))
