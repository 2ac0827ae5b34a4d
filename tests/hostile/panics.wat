;; Says why on its standard error, after 200 KiB of nonsense, and gives up.
(core module $rule
  (import "host" "memory" (memory 1))
  (import "host" "get-stderr" (func $get-stderr (result i32)))
  (import "host" "write" (func $write (param i32 i32 i32 i32)))
  (data (i32.const 100) "\nthread 'main' panicked at src/lib.rs:7:5:\nno \1b[31mred\n")
  (func (export "init") (param i32 i32) (result i32) (i32.const 0))
  (func (export "run") (result i32) (local $stderr i32) (local $n i32)
    (local.set $stderr (call $get-stderr))
    (loop $again
      (call $write (local.get $stderr) (i32.const 1000) (i32.const 4096) (i32.const 200))
      (br_if $again (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 50))))
    (call $write (local.get $stderr) (i32.const 100) (i32.const 55) (i32.const 200))
    (unreachable)))
