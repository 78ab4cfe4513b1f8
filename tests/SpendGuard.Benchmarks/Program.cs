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
    .AddColumn(StatisticColumn.Median, StatisticColumn.Min)
    .HideColumns(Column.Error, Column.RatioSD)
    .WithOptions(ConfigOptions.JoinSummary | ConfigOptions.DisableLogFile);

var before = FsyncProbe.MedianMicroseconds();
BenchmarkSwitcher.FromAssembly(typeof(DecoratorBenchmarks).Assembly).Run(args.Length > 0 ? args : ["--filter", "*"], config);
var after = FsyncProbe.MedianMicroseconds();
Console.WriteLine($"write + fsync of 4 KB where the SQLite file was: {before:0} us before, {after:0} us after (medians of {FsyncProbe.Rounds})");
