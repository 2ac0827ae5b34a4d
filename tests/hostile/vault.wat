;; Imports what nobody offers.
(component
  (import "acme:secrets/vault@1.0.0" (instance))
  (instance $i)
  (export "reddalert:rule/lifecycle@1.0.0" (instance $i)))
