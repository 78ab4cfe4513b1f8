using SpendGuard.Sidecar.Agents;
using SpendGuard.Sidecar.Forwarding;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar;

/// <summary>Makes the sidecar.</summary>
internal static class SidecarHost
{
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        configure?.Invoke(builder);
        var settings = EnvironmentSettings.Read(builder.Configuration);
        if (builder.Configuration["URLS"] is null)
        {
            builder.WebHost.UseUrls("http://127.0.0.1:8787");
        }

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = settings.MaxRequestBytes;
        });

        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(new DrainLimit(settings.MaxDrains));
        builder.Services.AddSingleton<ProviderClient>();
        builder.Services.AddSingleton<CallHandler>();
        builder.Services.AddSingleton<PassThrough>();
        builder.Services.AddHttpForwarder();
        builder.Services.AddSpendGuard(options =>
        {
            options.UseSqlite(settings.SqlitePath);
            options.LeastUsefulOutputTokens = 1;
            options.DefaultOutputTokens = settings.DefaultOutputTokens;
            options.LockedWait = TimeSpan.Zero;
        });

        var app = builder.Build();
        app.UseMiddleware<RefusalMiddleware>();
        app.MapGet("/health", static context => context.Response.WriteAsJsonAsync(new Health("ok"), AnswerJson.Default.Health));
        app.MapAgents();
        app.MapBudgets();
        app.MapProviders(settings);
        return app;
    }
}
