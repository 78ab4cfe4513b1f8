// dotnet run -c Release --project tests/SpendGuard.Benchmarks            all of them, a few minutes
// dotnet run -c Release --project tests/SpendGuard.Benchmarks -- --filter '*Decorator*'
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using SpendGuard.Benchmarks;

// In this process: a generated project would come under the analyzers and lock files of this repository.
var job = Job.Default
    .WithToolchain(InProcessEmitToolchain.Instance)
    .WithWarmupCount(4)
    .WithIterationCount(10);
var config = DefaultConfig.Instance
    .AddJob(job)
    .HideColumns(Column.Error, Column.RatioSD)
    .WithOptions(ConfigOptions.JoinSummary | ConfigOptions.DisableLogFile);

var fsync = FsyncProbe.MedianMicroseconds();
BenchmarkSwitcher.FromAssembly(typeof(DecoratorBenchmarks).Assembly).Run(args.Length > 0 ? args : ["--filter", "*"], config);
Console.WriteLine($"write + fsync of 4 KB where the SQLite file was: {fsync:0} us (median of {FsyncProbe.Rounds})");
