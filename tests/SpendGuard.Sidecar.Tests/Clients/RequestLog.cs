using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace SpendGuard.Sidecar.Tests.Clients;

/// <summary>What clients of other processes send to the sidecar, and what they get for it. Control routes are left out.</summary>
internal sealed class RequestLog : IStartupFilter
{
    private readonly ConcurrentQueue<LoggedRequest> _calls = new();

    public IReadOnlyCollection<LoggedRequest> Calls => _calls;

    /// <summary>Told of each call when its answer has been sent.</summary>
    public Action<LoggedRequest>? OnAnswered { get; set; }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(WatchAsync);
        next(app);
    };

    private async Task WatchAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (!context.Request.Path.StartsWithSegments("/v1/agents", StringComparison.Ordinal))
        {
            var call = new LoggedRequest(
                context.Request.Path, context.Response.StatusCode, context.Request.Headers["x-stainless-retry-count"].ToString());
            _calls.Enqueue(call);
            OnAnswered?.Invoke(call);
        }
    }
}

/// <param name="Path">The path.</param>
/// <param name="Status">The status of the answer.</param>
/// <param name="RetryCount">How often the client says that it has tried before; empty for clients that do not say.</param>
internal sealed record LoggedRequest(string Path, int Status, string RetryCount);
