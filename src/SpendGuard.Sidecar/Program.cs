using SpendGuard;
using SpendGuard.Sidecar;
using SpendGuard.Sidecar.Dialects.Tables.Signed;
using SpendGuard.Sidecar.Settings;

NativeLibraries.Resolve();
try
{
    await using var app = SidecarHost.Build(args);
    await app.LoadPricesAsync();
    await app.RunAsync();
    return 0;
}
catch (Exception exception) when (exception is SettingsException or PricesUnavailableException or RequestTablesUnavailableException)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 2;
}
