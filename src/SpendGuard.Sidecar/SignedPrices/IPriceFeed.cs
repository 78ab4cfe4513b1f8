using SpendGuard.Pricing;

namespace SpendGuard.Sidecar.SignedPrices;

/// <summary>Puts prices in force and keeps them current.</summary>
internal interface IPriceFeed
{
    /// <summary>The prices in force. Before <see cref="LoadAsync"/> they have expired, so that no call is made.</summary>
    Prices Prices { get; }

    /// <summary>What went wrong the last time that prices were looked up; null when nothing did.</summary>
    PriceFailure? LastFailure { get; }

    /// <summary>Puts the first prices in force. Does nothing when that is done already.</summary>
    /// <exception cref="PricesUnavailableException">There are no prices that may be used.</exception>
    Task LoadAsync(CancellationToken cancellationToken);

    /// <summary>Looks prices up again and again until it is stopped.</summary>
    Task KeepCurrentAsync(CancellationToken stopping);
}

/// <summary>A failure to look prices up.</summary>
/// <param name="Sentence">What went wrong.</param>
/// <param name="At">When.</param>
internal sealed record PriceFailure(string Sentence, DateTimeOffset At);
