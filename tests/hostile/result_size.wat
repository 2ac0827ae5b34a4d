;; Returns one alert whose id is a megabyte.
(core module $rule
  (import "host" "memory" (memory 1))
  (import "host" "realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
  (func (export "init") (param i32 i32) (result i32) (i32.const 0))
  (func (export "run") (result i32)
    (i32.store (i32.const 100) (call $realloc (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 1000000)))
    (i32.store (i32.const 104) (i32.const 1000000))
    (i32.store (i32.const 20) (i32.const 100))
    (i32.store (i32.const 24) (i32.const 1))
    (i32.const 16)))
