using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Billing;

/// <summary>
/// A request was to be sent again by its connection, and was not. A connection only offers that where the server has said that it did not begin
/// to process the request: by a stream that it refused, or by going away before it.
/// </summary>
[Experimental(ApiTier.Adapters)]
public sealed class NotTakenUpException() : InvalidOperationException("The server did not take the request up, and it is not sent again.");
