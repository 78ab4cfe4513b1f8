using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SpendGuard.Testing.Provider.Batches;
using SpendGuard.Testing.Provider.Batches.Anthropic;
using SpendGuard.Testing.Provider.Batches.OpenAI;
using SpendGuard.Testing.Provider.Calls;
using SpendGuard.Testing.Provider.Wire;

namespace SpendGuard.Testing.Provider;

/// <summary>
/// A model provider on a loopback port, real enough for the providers' own SDKs, which keeps its own bill.
/// Nothing in it comes from the library under test.
/// </summary>
public sealed class SimulatedProvider : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CallBook _book;
    private readonly CallJournal? _journal;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<Exception> _failures = [];
    private volatile Behaviour _behaviour;
    private volatile Func<SimulatedRequest, Behaviour>? _forRequest;
    private volatile Func<SimulatedRequest, Task>? _onArrival;
    private int _inFlight;

    private SimulatedProvider(SimulatedProviderOptions options)
    {
        _behaviour = options.Behaviour;
        _journal = options.JournalPath is { } path ? new(path) : null;
        _book = new(Bill, _journal);
        _app = Build();
        _app.Use(CountInFlightAsync);
        var prices = new ProviderPriceTable(options.ExtraPrices);
        var model = new Model(this, _book, prices);
        Batches = new AnthropicBatches(model, _book);
        OpenAIBatches = new(model, _book, Files);
        new MessageBatchDesk(this, _book, _stopping.Token).Map(_app);
        new FileDesk(this, _book, _stopping.Token).Map(_app);
        new OpenAIBatchDesk(this, _book, _stopping.Token).Map(_app);
        ProviderRoutes.Map(_app, new(this, _book, model, _stopping.Token), prices, Bill, RefusedKeys);
    }

    /// <summary>The origin; Anthropic's SDK takes this as its base URL.</summary>
    public Uri BaseAddress { get; private set; } = new("http://127.0.0.1");

    public Uri OpenAIEndpoint => new(BaseAddress, "v1");
    public Uri GeminiEndpoint => new(BaseAddress, "v1beta");
    public Uri CompatibleEndpoint => new(BaseAddress, "compatible/v1");
    public Uri GrokEndpoint => new(BaseAddress, "grok-upstream/v1");

    public ProviderBill Bill { get; } = new();

    /// <summary>The batches of messages that it was sent.</summary>
    public SimulatedBatches Batches { get; }

    /// <summary>The files that it was sent or has made for batches.</summary>
    public SimulatedFiles Files { get; } = new();

    /// <summary>The batches that it was sent as files.</summary>
    public OpenAIBatches OpenAIBatches { get; }

    /// <summary>Keys that it does not take where it is asked for its models; to be added to while nothing is asked.</summary>
    public HashSet<string> RefusedKeys { get; } = new(StringComparer.Ordinal);

    /// <summary>Every call so far, in order of arrival.</summary>
    public IReadOnlyList<ProviderCall> Calls => _book.Snapshot();

    /// <summary>How calls are treated from now on.</summary>
    public Behaviour Behaviour
    {
        get => _behaviour;
        set => _behaviour = value;
    }

    /// <summary>Chooses the behaviour of each call, in place of <see cref="Behaviour"/>. May be called concurrently.</summary>
    public Func<SimulatedRequest, Behaviour>? ForRequest
    {
        get => _forRequest;
        set => _forRequest = value;
    }

    /// <summary>Awaited when a call has arrived, before it is billed or answered. If it throws, the answer is 500.</summary>
    public Func<SimulatedRequest, Task>? OnArrival
    {
        get => _onArrival;
        set => _onArrival = value;
    }

    /// <summary>What <see cref="OnArrival"/> or the provider itself threw; a test whose hook asserts checks that it is empty.</summary>
    public IReadOnlyCollection<Exception> Failures => _failures;

    public static async Task<SimulatedProvider> StartAsync(SimulatedProviderOptions? options = null)
    {
        var provider = new SimulatedProvider(options ?? new());
        await provider._app.StartAsync();
        provider.BaseAddress = new(provider._app.Urls.Single());
        return provider;
    }

    /// <summary>Waits until no call is being served, as after clients have gone in mid-answer.</summary>
    public async Task WhenIdleAsync(CancellationToken cancellationToken = default)
    {
        while (Volatile.Read(ref _inFlight) > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _app.DisposeAsync();
        _journal?.Dispose();
        _stopping.Dispose();
    }

    internal Behaviour BehaviourFor(SimulatedRequest request) => _forRequest?.Invoke(request) ?? _behaviour;

    internal async Task ArrivedAsync(SimulatedRequest request)
    {
        if (_onArrival is not { } hook)
        {
            return;
        }

        try
        {
            await hook(request);
        }
        catch (Exception failure)
        {
            _failures.Enqueue(failure);
            throw new RejectedRequestException(500, "OnArrival threw: " + failure.Message);
        }
    }

    private static WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
        builder.Logging.ClearProviders();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = 200_000_000;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
        });
        return builder.Build();
    }

    private async Task CountInFlightAsync(HttpContext context, RequestDelegate next)
    {
        Interlocked.Increment(ref _inFlight);
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            context.Abort();
        }
        catch (Exception failure) when (failure is not ConnectionCutException)
        {
            _failures.Enqueue(failure);
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }
}
