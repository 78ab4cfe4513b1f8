using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace SpendGuard.Sidecar.Tests.Hosting;

/// <summary>Stands before the sidecar: counts requests, and tells when a client goes before its answer has ended.</summary>
internal sealed class ClientWatch : IStartupFilter
{
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _posts;

    /// <summary>How many requests came that were not control reads.</summary>
    public int Posts => Volatile.Read(ref _posts);

    /// <summary>Ends when the server has seen a client go.</summary>
    public Task Gone => _gone.Task;

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(WatchAsync);
        next(app);
    };

    private async Task WatchAsync(HttpContext context, RequestDelegate next)
    {
        if (HttpMethods.IsPost(context.Request.Method))
        {
            Interlocked.Increment(ref _posts);
        }

        await using var registration = context.RequestAborted.Register(() => _gone.TrySetResult());
        await next(context);
    }
}
