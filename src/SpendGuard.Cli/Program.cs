using SpendGuard.Cli;
using SpendGuard.Sidecar.Hosting;

NativeLibraries.Resolve();
return await CommandLine.RunAsync(args, Shell.OfProcess());
