using System.Reflection;
using Microsoft.SemanticKernel;

namespace SpendGuard.SemanticKernel.Functions;

/// <summary>Guards a function whose result is a stream, for as long as the stream is read.</summary>
internal static class FunctionStream
{
    private static readonly MethodInfo Typed =
        typeof(FunctionStream).GetMethod(nameof(WrapTyped), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>The result of a function with the guard around its stream.</summary>
    public static FunctionResult Wrap(FunctionInvocationContext context, FunctionGuard guard)
    {
        var value = context.Result.GetValue<object>();
        var item = value?.GetType().GetInterfaces()
            .FirstOrDefault(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>))
            ?.GetGenericArguments()[0];
        return item is null
            ? context.Result
            : new FunctionResult(context.Result, Typed.MakeGenericMethod(item).Invoke(null, [value, context, guard]));
    }

    private static Stream<T> WrapTyped<T>(IAsyncEnumerable<T> items, FunctionInvocationContext context, FunctionGuard guard) =>
        new(items, context, guard);

    private sealed class Stream<T>(IAsyncEnumerable<T> items, FunctionInvocationContext context, FunctionGuard guard) : IAsyncEnumerable<T>
    {
        public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
            new Enumerator(items.GetAsyncEnumerator(cancellationToken), context, guard, cancellationToken);

        private sealed class Enumerator(
            IAsyncEnumerator<T> items, FunctionInvocationContext context, FunctionGuard guard, CancellationToken cancellationToken)
            : IAsyncEnumerator<T>
        {
            private ReservedToolCall? _reserved;
            private bool _begun;

            public T Current => items.Current;

            public async ValueTask<bool> MoveNextAsync()
            {
                if (!_begun)
                {
                    _reserved = await guard.ReserveAsync(context.Kernel, context.Function, cancellationToken);
                    _begun = true;
                }

                try
                {
                    using var scope = SpendGuardScope.BeginFunction(FunctionName.Of(context.Function));
                    if (await items.MoveNextAsync())
                    {
                        return true;
                    }
                }
                catch (Exception failure)
                {
                    var failed = Interlocked.Exchange(ref _reserved, null);
                    await FunctionGuard.ForfeitAsync(failed, failure);
                    throw;
                }

                if (Interlocked.Exchange(ref _reserved, null) is { } ended)
                {
                    await ended.SettleAsync();
                }

                return false;
            }

            public async ValueTask DisposeAsync()
            {
                try
                {
                    await items.DisposeAsync();
                }
                finally
                {
                    if (_reserved is not null)
                    {
                        await _reserved.DisposeAsync();
                    }
                }
            }
        }
    }
}
