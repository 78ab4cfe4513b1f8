using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Alerts;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Calls.Batches;
using SpendGuard.Sidecar.Calls.Upstream;
using SpendGuard.Sidecar.Control;
using SpendGuard.Sidecar.Control.Approvals;
using SpendGuard.Sidecar.Control.Names;
using SpendGuard.Sidecar.Control.Reports;
using SpendGuard.Sidecar.Control.Tree;
using SpendGuard.Sidecar.Dialects.Tables.Signed;
using SpendGuard.Sidecar.Readiness;
using SpendGuard.Sidecar.Refusals;
using SpendGuard.Sidecar.Settings;
using SpendGuard.Sidecar.Telemetry;
using SpendGuard.SignedPrices;

namespace SpendGuard.Sidecar;

/// <summary>Makes the sidecar.</summary>
[Experimental("SPENDGUARD002")]
public static class SidecarHost
{
    /// <summary>Makes a sidecar that has not started.</summary>
    /// <param name="args">
    /// Settings in place of the environment's, such as <c>--CAP_SQLITE_PATH budgets.db</c>; <c>--config FILE</c> names a JSON file with more.
    /// </param>
    /// <param name="configure">Sets more, before the settings are read.</param>
    /// <param name="environment">The environment variables; null for those of this process.</param>
    /// <exception cref="SettingsException">Names every setting that is wrong.</exception>
    public static WebApplication Build(
        string[] args, Action<WebApplicationBuilder>? configure = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var builder = ConfigurationSources.CreateBuilder();
        builder.AddLogDefaults();
        builder.Configuration.AddSources(args, environment);
        configure?.Invoke(builder);
        var settings = EnvironmentSettings.Read(builder.Configuration, args);
        builder.WebHost.UseUrls(ListenAddresses.Read(builder.Configuration));

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Configure(builder.Configuration.GetSection("Kestrel"));
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = settings.MaxRequestBytes;
        });

        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(new DrainLimit(settings.MaxDrains));
        builder.Services.AddSingleton<ProviderClient>();
        builder.Services.AddSingleton<ApprovalLinks>();
        builder.Services.AddSingleton<CountedInput>();
        builder.Services.AddSingleton<CallReader>();
        builder.Services.AddSingleton<CallHandler>();
        builder.Services.AddSingleton<BatchHandler>();
        builder.Services.AddSingleton<BatchTurns>();
        builder.Services.AddSingleton<FreeRequest>();
        builder.Services.AddSingleton<BatchRequests>();
        builder.Services.AddSingleton<BatchResults>();
        builder.Services.AddSingleton<ReadinessCheck>();
        builder.Services.AddSingleton<ProviderCheck>();
        builder.Services.AddSingleton<PassThrough>();
        builder.Services.AddRequestTables(settings.Tables);
        builder.Services.AddAccess(settings);
        builder.Services.AddAlerts(settings);
        builder.Services.AddHttpForwarder();
        builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. settings.AllowedOrigins])
            .AllowAnyHeader()
            .WithMethods("GET", "POST", "PUT", "PATCH", "DELETE")
            .WithExposedHeaders(CallHeaders.Exposed)));
        builder.Services.AddApiDescription();
        builder.Services.AddTelemetry(settings.Telemetry);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSpendGuard(options =>
        {
            _ = settings.Postgres is { } postgres ? options.UsePostgres(postgres) : options.UseSqlite(settings.SqlitePath);
            _ = settings.Prices is { } prices ? options.UseSignedPrices(prices) : options;
            EngineSetup.Apply(options, settings);
        });

        if (settings.Prices is null)
        {
            builder.Services.AddHostedService<BundledPricesNotice>();
        }

        if (settings.StoreNotice is { } notice)
        {
            builder.Services.AddHostedService(provider => ActivatorUtilities.CreateInstance<OldDatabaseNotice>(provider, notice));
        }

        builder.Services.AddHostedService<RestoredStore>();
        var app = builder.Build();
        // The order matters: whatever is refused below is answered by the first; a page's preflight is answered before its call is judged.
        app.UseMiddleware<RefusalMiddleware>();
        app.UseMiddleware<LocalCallers>();
        app.UseCors();
        app.UseMiddleware<AccessMiddleware>();
        app.UseMiddleware<NameMiddleware>();
        app.MapOpenApi("/openapi.json").Allow(AccessRule.Open);
        app.MapHealth();
        app.MapReadiness();
        if (!settings.Hosted)
        {
            // In hosted mode a caller's key is an organisation's; the metrics are of all, and so are the providers' keys.
            app.MapMetrics();
            app.MapAdminKey();
            app.MapProviderCheck();
        }

        var control = app.ByName();
        control.MapAgents();
        control.MapBudgets();
        control.MapGroups();
        control.MapLimits();
        control.MapPauses();
        control.MapBreakers();
        control.MapApprovals();
        app.MapApprovalLinks(settings);
        control.MapTree();
        control.MapKeys();
        control.MapLedger();
        control.MapReport();
        control.MapAlerts();
        control.MapDryRun();
        app.MapProviders(settings);
        app.RequireOnEveryRoute();
        return app;
    }

    /// <summary>
    /// Loads the first prices, and request tables where they are signed too. Starting does it as well, but reports a failure as a defect; here
    /// it can be told in one sentence.
    /// </summary>
    /// <exception cref="PricesUnavailableException">There are no prices that may be used.</exception>
    /// <exception cref="RequestTablesUnavailableException">There are no request tables that may be used.</exception>
    public static async Task LoadPricesAsync(this WebApplication sidecar, CancellationToken cancellationToken = default)
    {
        await (sidecar.Services.GetService<SignedPriceFeed>()?.LoadAsync(cancellationToken) ?? Task.CompletedTask);
        await (sidecar.Services.GetService<TableFeed>()?.LoadAsync(cancellationToken) ?? Task.CompletedTask);
    }

    /// <summary>Tells what a sidecar that has started works with, and what it lacks.</summary>
    public static async Task<SidecarState> FindStateAsync(this WebApplication sidecar, CancellationToken cancellationToken = default) =>
        SidecarState.Of(
            sidecar.Services.GetRequiredService<SidecarSettings>(),
            await sidecar.Services.GetRequiredService<ReadinessCheck>().RunAsync(cancellationToken));
}
