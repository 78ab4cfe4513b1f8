using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SpendGuard.AspNetCore.Health;

/// <summary>Tells whether calls can be made: whether the store can commit a hold, and prices are in force.</summary>
internal sealed class SpendGuardHealthCheck(IServiceProvider services) : IHealthCheck
{
    private static readonly TimeSpan StorePatience = TimeSpan.FromSeconds(5);
    private static readonly AgentId Nobody = new("spendguard-health-check");

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            return services.GetService<SpendGuardEngine>() is { } engine
                ? await CheckAsync(engine, context.Registration.FailureStatus, cancellationToken)
                : Unhealthy("No SpendGuard engine is registered. Call builder.AddSpendGuard() or services.AddSpendGuard(…).");
        }
        catch (SpendGuardException exception)
        {
            return Unhealthy(exception.Message, exception);
        }

        HealthCheckResult Unhealthy(string why, Exception? exception = null) => new(context.Registration.FailureStatus, why, exception);
    }

    private static async Task<HealthCheckResult> CheckAsync(SpendGuardEngine engine, HealthStatus failed, CancellationToken cancellationToken)
    {
        var book = engine.Prices.Current;
        var now = engine.Time.GetUtcNow();
        var data = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["prices"] = book.Source,
            ["prices_generated_at"] = book.GeneratedAt,
            ["prices_age_days"] = (int)book.AgeAt(now).TotalDays,
        };
        if (book.ExpiresAt <= now)
        {
            return new HealthCheckResult(failed, $"The prices from {book.Source} have expired, at {book.ExpiresAt:u}, and no newer ones have come.", data: data);
        }

        using var timeout = new CancellationTokenSource(StorePatience, engine.Time);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            // There is no such agent, so nothing changes; but the store has to be ready to commit before it can say so.
            await engine.RenameAgentAsync(Nobody, Nobody.ToString(), cancellationToken: giveUp.Token);
            return HealthCheckResult.Healthy("The store can commit, and prices are in force.", data);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new HealthCheckResult(failed, $"The store did not answer within {StorePatience.TotalSeconds} seconds.", data: data);
        }
    }
}
