;; Has two manifests, a harmless one to be looked at and another.
(core module $rule
  (@custom "reddalert:manifest" "{\22title\22: \22other\22, \22collections\22: [\22aws.launchConfigurations\22]}")
  (@custom "reddalert:manifest" "{\22title\22: \22harmless\22}")
  (func (export "init") (param i32 i32) (result i32) (i32.const 0))
  (func (export "run") (result i32) (i32.const 0)))
