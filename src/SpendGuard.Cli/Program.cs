using SpendGuard.Cli;
using SpendGuard.Sidecar;

NativeLibraries.Resolve();
return await CommandLine.RunAsync(args, Shell.OfProcess());
