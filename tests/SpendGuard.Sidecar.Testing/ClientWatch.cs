using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace SpendGuard.Sidecar.Testing;

/// <summary>Stands before the sidecar: counts requests, and tells of calls that were answered and of clients that went before theirs was.</summary>
public sealed class ClientWatch : IStartupFilter
{
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<AnsweredCall> _calls = new();
    private int _posts;

    /// <summary>How many requests came that were not control reads.</summary>
    public int Posts => Volatile.Read(ref _posts);

    /// <summary>The calls that were answered, in that order. Control routes are left out.</summary>
    public IReadOnlyCollection<AnsweredCall> Calls => _calls;

    /// <summary>Told of each call when its answer has been sent.</summary>
    public Action<AnsweredCall>? OnAnswered { get; set; }

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
        if (!context.Request.Path.StartsWithSegments("/v1/agents", StringComparison.Ordinal))
        {
            var call = new AnsweredCall(
                context.Request.Path, context.Response.StatusCode, context.Request.Headers["x-stainless-retry-count"].ToString());
            _calls.Enqueue(call);
            OnAnswered?.Invoke(call);
        }
    }
}

/// <param name="Path">The path.</param>
/// <param name="Status">The status of the answer.</param>
/// <param name="RetryCount">How often the client says that it has tried before; empty for clients that do not say.</param>
public sealed record AnsweredCall(string Path, int Status, string RetryCount);
