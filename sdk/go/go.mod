module reddalert.internal/sdk

go 1.25
