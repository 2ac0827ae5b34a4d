;; The frame round every fixture: a component of the world `reddalert:rule/rule` whose module `$rule` comes from another file and stands in
;; the place of the line below. `$rule` exports `init` and `run`, and finds in "host" a memory, its allocator (`realloc`, `reset`) and the
;; host's functions. If it exports a `realloc` of its own, that one takes in its settings.
;;
;; Addresses below 4096 belong to `$rule`. `run` and `init` return the address of their result: zeros mean "ok", and for `run` no alerts.
(component
  (import "reddalert:rule/types@1.0.0" (instance $types
    (type $error-kind' (enum "denied" "bad-request" "not-found" "unavailable" "timed-out" "over-limit" "other"))
    (export "error-kind" (type $error-kind (eq $error-kind')))
    (type $error' (record (field "kind" $error-kind) (field "status" (option u16)) (field "message" string)))
    (export "error" (type (eq $error')))))
  (alias export $types "error" (type $error))
  (import "reddalert:rule/alerts@1.0.0" (instance $alerts
    (type $severity' (enum "info" "low" "medium" "high" "critical"))
    (export "severity" (type $severity (eq $severity')))
    (type $detail' (variant (case "text" string) (case "fields" string)))
    (export "detail" (type $detail (eq $detail')))
    (type $alert' (record
      (field "id" string) (field "title" (option string)) (field "details" (list $detail)) (field "severity" (option $severity))
      (field "url" (option string)) (field "labels" (list (tuple string string)))))
    (export "alert" (type (eq $alert')))))
  (alias export $alerts "alert" (type $alert))
  (import "reddalert:rule/edda@1.0.0" (instance $edda
    (alias outer 1 $error (type $error'))
    (export "error" (type $error (eq $error')))
    (type $times' (variant (case "now") (case "context") (case "window") (case "updated") (case "at" u64)))
    (export "times" (type $times (eq $times')))
    (type $page' (record (field "documents" (list string)) (field "next" (option string))))
    (export "page" (type $page (eq $page')))
    (export "documents" (func (param "path" string) (param "times" $times) (result (result $page (error $error)))))
    (export "more" (func (param "next" string) (result (result $page (error $error)))))))
  (import "reddalert:rule/status@1.0.0" (instance $status
    (alias outer 1 $error (type $error'))
    (export "error" (type $error (eq $error')))
    (export "get" (func (param "key" string) (result (option string))))
    (export "keys" (func (result (list string))))
    (export "set" (func (param "key" string) (param "value" string) (result (result (error $error)))))))
  (import "reddalert:rule/report@1.0.0" (instance $report
    (type $level' (enum "debug" "info" "warn" "error"))
    (export "level" (type $level (eq $level')))
    (export "log" (func (param "level" $level) (param "message" string)))
    (export "skipped" (func (param "what" string) (param "reason" string)))
    (export "incomplete" (func (param "reason" string)))))
  (import "reddalert:rule/tcp@1.0.0" (instance $tcp
    (alias outer 1 $error (type $error'))
    (export "error" (type $error (eq $error')))
    (type $target' (record (field "host" string) (field "port" u16)))
    (export "target" (type $target (eq $target')))
    (export "probe" (func (param "targets" (list $target)) (param "timeout-ms" u32) (result (list (result bool (error $error))))))))

  (import "reddalert:rule/http@1.0.0" (instance $http
    (alias outer 1 $error (type $error'))
    (export "error" (type $error (eq $error')))
    (type $request' (record
      (field "method" string) (field "url" string) (field "headers" (list (tuple string string))) (field "body" (list u8))
      (field "timeout-ms" u32) (field "redirects" u8) (field "max-body" u32) (field "options" (list (tuple string string)))))
    (export "request" (type $request (eq $request')))
    (type $response' (record
      (field "url" string) (field "status" u16) (field "headers" (list (tuple string string))) (field "body" (list u8)) (field "cut" bool)))
    (export "response" (type $response (eq $response')))
    (export "send" (func (param "requests" (list $request)) (result (list (result $response (error $error))))))))

  (import "wasi:io/poll@0.2.6" (instance $poll
    (export "pollable" (type $pollable (sub resource)))
    (export "poll" (func (param "in" (list (borrow $pollable))) (result (list u32))))
    (export "[method]pollable.block" (func (param "self" (borrow $pollable))))))
  (alias export $poll "pollable" (type $pollable))
  (import "wasi:clocks/monotonic-clock@0.2.6" (instance $clock
    (alias outer 1 $pollable (type $pollable'))
    (export "pollable" (type $pollable (eq $pollable')))
    (export "subscribe-duration" (func (param "when" u64) (result (own $pollable))))))
  (import "wasi:clocks/wall-clock@0.2.6" (instance $wall
    (type $datetime' (record (field "seconds" u64) (field "nanoseconds" u32)))
    (export "datetime" (type $datetime (eq $datetime')))
    (export "now" (func (result $datetime)))))
  (import "wasi:io/error@0.2.6" (instance $io-error (export "error" (type (sub resource)))))
  (alias export $io-error "error" (type $stream-failure))
  (import "wasi:io/streams@0.2.6" (instance $streams
    (alias outer 1 $stream-failure (type $failure'))
    (export "error" (type $failure (eq $failure')))
    (type $stream-error' (variant (case "last-operation-failed" (own $failure)) (case "closed")))
    (export "stream-error" (type $stream-error (eq $stream-error')))
    (export "output-stream" (type $output (sub resource)))
    (export "[method]output-stream.blocking-write-and-flush"
      (func (param "self" (borrow $output)) (param "contents" (list u8)) (result (result (error $stream-error)))))))
  (alias export $streams "output-stream" (type $output))
  (import "wasi:cli/stderr@0.2.6" (instance $stderr
    (alias outer 1 $output (type $output'))
    (export "output-stream" (type $output (eq $output')))
    (export "get-stderr" (func (result (own $output))))))
  (import "wasi:cli/environment@0.2.6" (instance $environment
    (export "get-environment" (func (result (list (tuple string string)))))
    (export "get-arguments" (func (result (list string))))))
  (import "wasi:filesystem/types@0.2.6" (instance $files (export "descriptor" (type (sub resource)))))
  (alias export $files "descriptor" (type $descriptor))
  (import "wasi:filesystem/preopens@0.2.6" (instance $preopens
    (alias outer 1 $descriptor (type $descriptor'))
    (export "descriptor" (type $descriptor (eq $descriptor')))
    (export "get-directories" (func (result (list (tuple (own $descriptor) string)))))))
  (import "wasi:random/random@0.2.6" (instance $random (export "get-random-bytes" (func (param "len" u64) (result (list u8))))))
  (import "wasi:cli/exit@0.2.6" (instance $exit (export "exit" (func (param "status" (result))))))

  (core module $memory
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 4096))
    ;; Forgets everything that was allocated.
    (func (export "reset") (global.set $next (i32.const 4096)))
    (func (export "realloc") (param $old i32) (param $old-size i32) (param $align i32) (param $size i32) (result i32)
      (local $at i32)
      (local.set $at (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
      (global.set $next (i32.add (local.get $at) (local.get $size)))
      (loop $more
        (if (i32.gt_u (global.get $next) (i32.mul (memory.size) (i32.const 65536)))
          (then
            (if (i32.eq (memory.grow (i32.const 1)) (i32.const -1)) (then unreachable))
            (br $more))))
      (local.get $at)))
  (core instance $memory (instantiate $memory))
  (alias core export $memory "memory" (core memory $m))
  (alias core export $memory "realloc" (core func $realloc))

  (core func $documents (canon lower (func $edda "documents") (memory $m) (realloc $realloc)))
  (core func $more (canon lower (func $edda "more") (memory $m) (realloc $realloc)))
  (core func $get (canon lower (func $status "get") (memory $m) (realloc $realloc)))
  (core func $keys (canon lower (func $status "keys") (memory $m) (realloc $realloc)))
  (core func $set (canon lower (func $status "set") (memory $m) (realloc $realloc)))
  (core func $log (canon lower (func $report "log") (memory $m)))
  (core func $skipped (canon lower (func $report "skipped") (memory $m)))
  (core func $incomplete (canon lower (func $report "incomplete") (memory $m)))
  (core func $probe (canon lower (func $tcp "probe") (memory $m) (realloc $realloc)))
  (core func $send (canon lower (func $http "send") (memory $m) (realloc $realloc)))
  (core func $poll (canon lower (func $poll "poll") (memory $m) (realloc $realloc)))
  (core func $block (canon lower (func $poll "[method]pollable.block")))
  (core func $subscribe (canon lower (func $clock "subscribe-duration")))
  (core func $now (canon lower (func $wall "now") (memory $m)))
  (core func $get-stderr (canon lower (func $stderr "get-stderr")))
  (core func $write (canon lower (func $streams "[method]output-stream.blocking-write-and-flush") (memory $m)))
  (core func $variables (canon lower (func $environment "get-environment") (memory $m) (realloc $realloc)))
  (core func $arguments (canon lower (func $environment "get-arguments") (memory $m) (realloc $realloc)))
  (core func $directories (canon lower (func $preopens "get-directories") (memory $m) (realloc $realloc)))
  (core func $random (canon lower (func $random "get-random-bytes") (memory $m) (realloc $realloc)))
  (core func $exit (canon lower (func $exit "exit")))

  ;; RULE

  (core instance $rule (instantiate $rule (with "host" (instance
    (export "memory" (memory $m))
    (export "realloc" (func $realloc))
    (export "reset" (func $memory "reset"))
    (export "documents" (func $documents))
    (export "more" (func $more))
    (export "get" (func $get))
    (export "keys" (func $keys))
    (export "set" (func $set))
    (export "log" (func $log))
    (export "skipped" (func $skipped))
    (export "incomplete" (func $incomplete))
    (export "probe" (func $probe))
    (export "send" (func $send))
    (export "poll" (func $poll))
    (export "block" (func $block))
    (export "subscribe" (func $subscribe))
    (export "now" (func $now))
    (export "get-stderr" (func $get-stderr))
    (export "write" (func $write))
    (export "variables" (func $variables))
    (export "arguments" (func $arguments))
    (export "directories" (func $directories))
    (export "random" (func $random))
    (export "exit" (func $exit))))))
  (func $init (param "settings" string) (result (result (error string)))
    (canon lift (core func $rule "init") (memory $m) (realloc $realloc)))
  (func $run (result (result (list $alert) (error string)))
    (canon lift (core func $rule "run") (memory $m)))
  (instance $lifecycle (export "init" (func $init)) (export "run" (func $run)))
  (export "reddalert:rule/lifecycle@1.0.0" (instance $lifecycle)))
