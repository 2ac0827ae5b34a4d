module {{name}}

go 1.25

require reddalert.internal/sdk v0.0.0

replace reddalert.internal/sdk => ./sdk
