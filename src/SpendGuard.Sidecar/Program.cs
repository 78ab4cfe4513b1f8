using SpendGuard.Sidecar;
using SpendGuard.Sidecar.Hosting;
using SpendGuard.Sidecar.Settings;

NativeLibraries.Resolve();
try
{
    await using var app = SidecarHost.Build(args);
    await app.RunAsync();
    return 0;
}
catch (SettingsException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 2;
}
