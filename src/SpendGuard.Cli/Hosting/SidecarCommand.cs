using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SpendGuard.Cli.Output;
using SpendGuard.Sidecar;
using SpendGuard.Sidecar.Dialects.Tables.Signed;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Cli.Hosting;

/// <summary><c>spendguard sidecar</c>: the sidecar in this process, with the settings that it has by itself.</summary>
internal sealed class SidecarCommand
{
    private readonly Shell _shell;

    public SidecarCommand(Shell shell)
    {
        _shell = shell;
        Command = new Command(
            "sidecar",
            "Run the sidecar until Ctrl+C. It is set up by environment variables; '--NAME value' stands for a variable, as in --CAP_SQLITE_PATH budgets.db, and '--config FILE' names a JSON file with more of them.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        Command.SetAction(RunAsync);
    }

    public Command Command { get; }

    private async Task RunAsync(ParseResult parsed, CancellationToken stop)
    {
        try
        {
            await using var app = SidecarHost.Build([.. parsed.UnmatchedTokens], Quieten, _shell.Variables);
            await app.LoadPricesAsync(stop);
            await StartAsync(app, stop);
            new ReportWriter(_shell, json: false).Write(new StartScreen([.. app.Urls], await app.FindStateAsync(stop)));
            await app.WaitForShutdownAsync(stop);
        }
        catch (Exception exception) when (exception is SettingsException or PricesUnavailableException or RequestTablesUnavailableException)
        {
            throw new CommandFailedException(exception.Message, ExitCode.Usage, exception);
        }
    }

    private static async Task StartAsync(WebApplication app, CancellationToken stop)
    {
        try
        {
            await app.StartAsync(stop);
        }
        catch (IOException exception)
        {
            throw new CommandFailedException(
                $"The sidecar cannot listen: {exception.Message.TrimEnd('.')}. Is one running already? ASPNETCORE_URLS moves this one, and CAP_BASE_URL tells commands where it is.", innerException: exception);
        }
    }

    /// <summary>What the start screen says need not be said twice, nor how a start has failed, which is one sentence in the end.</summary>
    private void Quieten(WebApplicationBuilder builder)
    {
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        if (_shell.IsTerminal)
        {
            builder.Logging
                .AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning)
                .AddFilter("SpendGuard.Storage", LogLevel.Warning)
                .AddFilter("SpendGuard.Sidecar.Settings.OldDatabaseNotice", LogLevel.Error)
                .AddFilter("SpendGuard.Sidecar.Settings.BundledPricesNotice", LogLevel.Error)
                .AddFilter("SpendGuard.Sidecar.Access.OpenControlNotice", LogLevel.Error)
                .AddFilter("SpendGuard.SignedPrices", LogLevel.Warning);
        }
    }
}
